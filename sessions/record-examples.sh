#!/usr/bin/env bash
# Records the example sessions anew with the bundled model: after the weights or the way of computing
# have changed. Ends at the first session that does not verify.
#   usage: sessions/record-examples.sh [path of the program]
set -euo pipefail
cd "$(dirname "$0")/.."
hope=$(realpath "${1:-.build/release/hope}")
examples=$PWD/sessions/examples
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# said LINE…: the lines at the pace of a person, so that a replay can be watched
said() {
  local line
  for line in "$@"; do
    sleep 2
    printf '%s\n' "$line"
  done
  sleep 1
}

# record NAME LINE…: one session, said line by line
record() {
  local name=$1
  shift
  (cd "$work" && said "$@" |
    HOPE_SESSIONS=$work/sessions "$hope" repl --session "$name" --seed 1 --threads 1)
  rm -rf "$examples/$name"
  mkdir -p "$examples"
  mv "$work"/sessions/* "$examples/$name"
  chmod -R go+rX "$examples/$name"
  "$hope" verify "$examples/$name"
}

record teach-and-recall \
  'My cat is called Biscuit.' 'I live in Turku.' 'What is my cat called?' 'Where do I live?'

record the-right-level-off \
  'My cat is called Biscuit.' 'What is my cat called?' '/undo' '/level cms1 read off' \
  'What is my cat called?' '/undo' '/level cms1 read on' 'What is my cat called?'

record a-change-of-topic \
  'I went to the market this morning and bought some bread.' 'It was a nice walk in the sun.' \
  '/mark the topic changes' 'The ferry to Ostrava leaves at seven from the second pier.' \
  'What did I buy this morning?'

record a-corrected-fact \
  'My favourite colour is green.' 'What is my favourite colour?' \
  'No, I changed my mind. My favourite colour is blue.' 'What is my favourite colour?'

record amnesia \
  'My cat is called Biscuit.' '/amnesia' 'What is my cat called?' '/level cms1 reset' \
  'What is my cat called?'
