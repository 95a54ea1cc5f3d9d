#!/bin/sh
# Makes a folder of raw films, as a pile from the web may be, out of the repository's clips: make.sh DIR
# lecture.mp4 has a slide, a cut, ultrasound with a subtitle, an everyday picture and ultrasound without; imaging.mp4 fades from ultrasound to CT;
# bars.mp4 is a slow move over an endoscopic picture, with black borders; copy.mkv is imaging.mp4 at another size and rate, twin.mp4 the same file; small.mp4 is too small, broken.mp4 cut off.
set -eu
[ $# -eq 1 ] || { echo "usage: make.sh DIR" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
clips=$here/../clips
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
full="scale=640:480:force_original_aspect_ratio=increase,crop=640:480,setsar=1,fps=25,format=yuv420p"
video="-c:v libx264 -preset veryfast -crf 20 -g 50 -an"
# Of a still a slow move over it: SECONDS PICTURE NAME
move() {
    ffmpeg -nostdin -v error -y -loop 1 -framerate 25 -i "$2" -t "$1" \
        -vf "scale=1280:960:force_original_aspect_ratio=increase,crop=640:480:x='(iw-640)*t/$1':y='(ih-480)/2',setsar=1,format=yuv420p" $video "$work/$3.mp4"
}
ffmpeg -nostdin -v error -y -stream_loop 3 -i "$clips/lung_ultrasound.mp4" -t 8 -vf "$full" $video "$work/lung.mp4"
ffmpeg -nostdin -v error -y -stream_loop 3 -i "$clips/lung_ultrasound.mp4" -loop 1 -i "$here/subtitle.png" -t 8 \
    -filter_complex "[0]$full[a];[a][1]overlay=format=auto,format=yuv420p" $video "$work/subtitled.mp4"
ffmpeg -nostdin -v error -y -i "$clips/torso_ct.mp4" -t 8 -vf "$full" $video "$work/ct.mp4"
ffmpeg -nostdin -v error -y -loop 1 -framerate 25 -i "$here/slide.png" -t 7 -vf "$full" $video "$work/slide.mp4"
move 7 "$here/everyday/chelsea.jpg" cat
move 7 "$here/everyday/coffee.jpg" coffee
for part in slide subtitled cat lung; do echo "file '$work/$part.mp4'"; done > "$work/lecture.txt"
ffmpeg -nostdin -v error -y -f concat -safe 0 -i "$work/lecture.txt" -c copy "$out/lecture.mp4"
ffmpeg -nostdin -v error -y -i "$work/lung.mp4" -i "$work/ct.mp4" -filter_complex \
    "[0]fade=out:st=7:d=1[a];[1]fade=in:d=1[b];[a][b]concat=n=2:v=1" $video "$out/imaging.mp4"
ffmpeg -nostdin -v error -y -ss 2 -i "$clips/laparoscopy.mp4" -frames:v 1 "$work/abdomen.png"
move 8 "$work/abdomen.png" abdomen
ffmpeg -nostdin -v error -y -i "$work/abdomen.mp4" -vf "scale=640:400,pad=640:480:0:40" $video "$out/bars.mp4"
ffmpeg -nostdin -v error -y -i "$work/coffee.mp4" -c copy "$out/everyday.mp4"
ffmpeg -nostdin -v error -y -i "$out/imaging.mp4" -vf "scale=768:576,fps=20" -c:v mpeg4 -q:v 4 -an "$out/copy.mkv"
cp "$out/imaging.mp4" "$out/twin.mp4"
ffmpeg -nostdin -v error -y -i "$work/lung.mp4" -vf scale=160:120 $video "$out/small.mp4"
head -c 20000 "$out/lecture.mp4" > "$out/broken.mp4"
cat > "$out/metadata.csv" <<'LIST'
file_name,title,licence,attribution
lecture.mp4,Lung ultrasound with B-lines,CC BY 4.0,"Neuruppin data, Born et al. 2020/2021"
imaging.mp4,Ultrasound and CT of the trunk,CC BY 4.0,"Neuruppin data, Born et al. 2020/2021; Wasserthal et al., TotalSegmentator"
LIST
