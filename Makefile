# make chat    builds the program and starts the chat
# make test    runs every test, in debug and in release
# make build   builds the program
# make lint    checks the form of the sources
# make deps    installs the Debian packages that are missing
.PHONY: chat test build lint deps

# Without testable imports the release tests share the program's objects.
tests := --quiet --disable-xctest

chat: build
	@exec "$$(swift build -c release --show-bin-path)/hope"

build: deps
	@swift build -c release --product hope

test: deps
	@swift build --quiet --build-tests
	@swift test --skip-build $(tests)
	@swift test -c release --disable-testable-imports $(tests)

lint:
	@swift format lint --strict -r Sources Tests Package.swift

deps:
	@.ci/packages
