#!/bin/sh
# Collects the everyday pictures of everyday.list from Debian 12 packages into a labelled folder: everyday.sh DIR
# Each keeps its package's licence, which manifest.csv repeats; `medgen train modality` trains on the permissive ones and evaluates on the others.
set -eu
list=$(cd "$(dirname "$0")" && pwd)/everyday.list
[ $# -eq 1 ] || { echo "usage: everyday.sh DIR" >&2; exit 2; }
mkdir -p "$1/pictures"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo "path,modality_code,kind,frames,source,licence,group_id,shows" > "$out/manifest.csv"
previous=
tail -n +2 "$list" | while IFS='|' read -r package file licence shows; do
    if [ "$package" != "$previous" ]; then
        rm -rf "$work"/*
        apt-get download -qq -o APT::Sandbox::User=root "$package"
        dpkg-deb -x ./*.deb content
        previous=$package
    fi
    name=$package-$(basename "${file%.*}" | tr -cs 'A-Za-z0-9' '-' | tr 'A-Z' 'a-z' | sed 's/^-*//; s/-*$//')
    # Transparent parts become white; at most 384 px on the longer side.
    ffmpeg -nostdin -v error -y -i "content/$file" -frames:v 1 -filter_complex \
        "[0]scale='min(iw,384)':'min(ih,384)':force_original_aspect_ratio=decrease,format=rgba,split[a][b];[a]lutrgb=r=255:g=255:b=255:a=255[ground];[ground][b]overlay=format=rgb,format=rgb24" \
        "$out/pictures/$name.png"
    printf '"pictures/%s.png",unknown,image,1,"Debian package %s, %s","%s","%s","%s"\n' "$name" "$package" "$file" "$licence" "$name" "$shows" >> "$out/manifest.csv"
done
