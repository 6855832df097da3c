#!/usr/bin/env bash
# Installs a release of rolecall and puts it on the PATH of the steps that follow. What does not have the checksum that was
# published with it is not unpacked.
#
# Takes from the environment: VERSION (empty: that of the action itself), RELEASES (where releases lie), ACTION_PATH, and
# what a runner sets.
set -euo pipefail

case "$RUNNER_OS-$RUNNER_ARCH" in
    Linux-X64) target=x86_64-unknown-linux-musl ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    Windows-X64) target=x86_64-pc-windows-msvc ;;
    *)
        echo "::error::there is no release of rolecall for $RUNNER_OS on $RUNNER_ARCH"
        exit 1
        ;;
esac

# shellcheck disable=SC2153 # The environment has it.
version=${VERSION#v}
if [ -z "$version" ]; then
    version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$ACTION_PATH/Cargo.toml" | head -n 1)
fi
archive=rolecall-$version-$target.tar.gz
folder=$RUNNER_TEMP/rolecall-$version-$target
mkdir -p "$folder"

for file in "$archive" "$archive.sha256"; do
    curl --fail --silent --show-error --location --retry 3 --output "$folder/$file" "$RELEASES/v$version/$file"
done

# macOS has no sha256sum.
if command -v sha256sum >/dev/null; then sum=(sha256sum); else sum=(shasum -a 256); fi
expected=$(cut -d ' ' -f 1 "$folder/$archive.sha256")
found=$("${sum[@]}" <"$folder/$archive" | cut -d ' ' -f 1)
if [ "$expected" != "$found" ]; then
    echo "::error::$archive has the checksum $found, not the $expected that was published with it: it is not used"
    exit 1
fi

tar -xzf "$folder/$archive" -C "$folder" --strip-components 1
if [ "$RUNNER_OS" = Windows ]; then folder=$(cygpath --windows "$folder"); fi
echo "$folder" >>"$GITHUB_PATH"
