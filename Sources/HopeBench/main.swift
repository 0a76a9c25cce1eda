print("hope")
