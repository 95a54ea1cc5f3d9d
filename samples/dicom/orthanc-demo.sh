#!/usr/bin/env bash
# An archive (Orthanc) and a host beside it, on loopback and in a temporary folder: an ultrasound clip is sent to the host, the host asks which modality it
# shows, and the results come to lie in Orthanc under the same study: a structured report, a secondary capture and a film. Installs Orthanc where there is
# none (Debian, as root or by sudo). Ends with exit code 0 when everything worked, and leaves nothing running. MEDGEN: the command to run.
set -euo pipefail
script="$(readlink -f "${BASH_SOURCE[0]}")"
root="${script%/samples/dicom/*}"
read -r -a medgen <<<"${MEDGEN:-$root/medgen}"
clip="${1:-$root/tests/fixtures/dicom/echo_stress_09.dcm}"
plugin=/usr/share/orthanc/plugins/libOrthancDicomWeb.so
work="$(mktemp -d -t medgen-orthanc-XXXXXX)"
pids=()

say() { printf '== %s\n' "$*"; }

clean_up() {
  local status=$? pid
  trap - EXIT
  if [ "$status" != 0 ]; then tail -n 20 "$work"/*.log >&2 || true; fi
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait || true
  rm -rf "$work"
  exit "$status"
}
trap clean_up EXIT

# A port that nobody listens on.
free_port() {
  local port
  while true; do
    port="$(shuf -i 20000-40000 -n 1)"
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
}

# until_answers URL PID: waits until something answers, or its process has ended.
until_answers() {
  until curl -fs -o "$work/answer" "$1"; do
    kill -0 "$2" 2>/dev/null || { echo "it ended while it started" >&2; exit 1; }
    sleep 0.3
  done
}

if [ ! -x /usr/sbin/Orthanc ] || [ ! -e "$plugin" ]; then
  say "installing Orthanc"
  as_root=(); [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends orthanc orthanc-dicomweb curl
fi

archive="$(free_port)" dimse="$(free_port)" grpc="$(free_port)" http="$(free_port)"
say "starting Orthanc"
cat >"$work/orthanc.json" <<JSON
{"Name": "ARCHIVE", "StorageDirectory": "$work/orthanc", "IndexDirectory": "$work/orthanc", "HttpPort": $archive, "DicomPort": $dimse,
 "RemoteAccessAllowed": false, "AuthenticationEnabled": false, "Plugins": ["$plugin"], "DicomWeb": {"Enable": true, "Root": "/dicom-web/"}}
JSON
/usr/sbin/Orthanc "$work/orthanc.json" >"$work/orthanc.log" 2>&1 &
pids+=($!)
until_answers "http://127.0.0.1:$archive/dicom-web/studies" "${pids[-1]}"

say "starting the host, with a rule: ultrasound, which modality, results to the archive"
cat >"$work/rules.json" <<JSON
{"quiet_time_seconds": 2,
 "archives": [{"name": "archive", "address": "http://127.0.0.1:$archive/dicom-web"}],
 "rules": [{"name": "ultrasound", "modalities": ["US"], "task": "imaging-modality", "results": ["report", "capture", "film"], "send_to": ["archive"]}]}
JSON
MEDGEN_SERVE_DICOM__WEB=true MEDGEN_SERVE_DICOM__RULES_FILE="$work/rules.json" \
  "${medgen[@]}" serve --data-dir "$work/data" --grpc-port "$grpc" --http-port "$http" >"$work/medgen.log" 2>&1 &
pids+=($!)
until_answers "http://127.0.0.1:$http/readyz" "${pids[-1]}"

say "sending a study to the host, as a modality does"
"${medgen[@]}" dicom send "$clip" --server "http://127.0.0.1:$http/dicom-web"

say "waiting for its end"
until curl -fs "http://127.0.0.1:$http/v1/dicom/studies" | tee "$work/studies.json" | grep -qE 'STUDY_STATE_(DONE|FAILED)'; do sleep 1; done
grep -q STUDY_STATE_DONE "$work/studies.json" || { cat "$work/studies.json" >&2; exit 1; }

say "what Orthanc has of the study now"
"${medgen[@]}" dicom query --server "http://127.0.0.1:$archive/dicom-web" --level series | tee "$work/series.txt"
for modality in SR US XC; do grep -q "Modality=$modality" "$work/series.txt"; done
say "done: report, capture and film lie in the archive"
