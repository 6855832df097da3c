#!/usr/bin/env bash
# Packs a built binary as a release has it: the archive, and its SHA-256 beside it in the form that `sha256sum --check` reads.
#
# package.sh TARGET BINARY FOLDER
set -euo pipefail

target=$1
binary=$2
folder=$3
root=$(cd "$(dirname "$0")/.." && pwd)
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
name=rolecall-$version-$target

staging=$(mktemp -d)
trap 'rm -rf "$staging"' EXIT
mkdir -p "$staging/$name" "$folder"
cp "$binary" "$root/README.md" "$root/LICENSE-MIT" "$root/LICENSE-APACHE" "$staging/$name/"
tar -czf "$folder/$name.tar.gz" -C "$staging" "$name"

cd "$folder"
# macOS has no sha256sum.
if command -v sha256sum >/dev/null; then sum=(sha256sum); else sum=(shasum -a 256); fi
"${sum[@]}" "$name.tar.gz" >"$name.tar.gz.sha256"
