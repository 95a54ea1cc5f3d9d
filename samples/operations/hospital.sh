#!/usr/bin/env bash
# A hospital on one machine, on loopback and in a temporary folder: an issuer of tokens, an authority for certificates with its revocation list,
# PostgreSQL, the host, Prometheus, and two Python clients, one with a token and one with a certificate. Ends with exit code 0 when everything worked,
# and leaves nothing. Needs openssl, python3-grpcio, python3-grpc-tools, postgresql and prometheus (Debian's names). MEDGEN: the command to run.
set -euo pipefail
script="$(readlink -f "${BASH_SOURCE[0]}")"
root="${script%/samples/operations/*}"
read -r -a medgen <<<"${MEDGEN:-$root/medgen}"
python=/usr/bin/python3
postgres="$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)" || { echo "PostgreSQL is not installed" >&2; exit 69; }
work="$(mktemp -d -t medgen-hospital-XXXXXX)"
pids=()

say() { printf '== %s\n' "$*"; }

# The server refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

clean_up() {
  local status=$?
  trap - EXIT
  if [ "$status" != 0 ] && [ -f "$work/medgen.log" ]; then tail -n 20 "$work/medgen.log" >&2; fi
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  as_postgres "$postgres/pg_ctl" -D "$work/postgres/data" -m fast stop >/dev/null 2>&1 || true
  wait || true
  rm -rf "$work"
  exit "$status"
}
trap clean_up EXIT

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# wait_for WHAT COMMAND...: for up to two minutes, while everything runs that was started.
wait_for() {
  local what="$1" i pid
  shift
  for ((i = 0; i < 600; i++)); do
    if "$@" >/dev/null 2>&1; then return; fi
    for pid in "${pids[@]}"; do kill -0 "$pid" 2>/dev/null || break 2; done
    sleep 0.2
  done
  echo "$what did not come" >&2
  return 1
}

get() { "$python" -c 'import sys, urllib.request; sys.stdout.buffer.write(urllib.request.urlopen(sys.argv[1], timeout=5).read())' "$1"; }

chmod 755 "$work"
cd "$work"

say "authority: the host's certificate, a client's, and an empty revocation list"
cat >ca.conf <<'CONF'
[ca]
default_ca = house
[house]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
CONF
touch index.txt && echo 01 >crlnumber
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 30 -subj "/CN=House" \
  -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
issue() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out "$1.pem" \
    -extfile <(printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=%s\n' "$2") 2>/dev/null
}
issue host serverAuth
issue pacs-3 clientAuth
openssl ca -gencrl -config ca.conf -cert ca.pem -keyfile ca.key -out crl.pem 2>/dev/null

say "issuer of tokens"
issuer_port="$(free_port)"
issuer="http://127.0.0.1:$issuer_port"
openssl genrsa -out issuer.key 2048 2>/dev/null
mkdir -p issuer/.well-known
printf '{"issuer": "%s", "jwks_uri": "%s/keys.json"}' "$issuer" "$issuer" >issuer/.well-known/openid-configuration
modulus="$(openssl rsa -in issuer.key -noout -modulus | cut -d= -f2)"
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
printf '{"keys": [{"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "house-1", "e": "AQAB", "n": "%s"}]}' \
  "$(printf %s "$modulus" | "$python" -c 'import sys; sys.stdout.buffer.write(bytes.fromhex(sys.stdin.read()))' | base64url)" >issuer/keys.json
"$python" -m http.server "$issuer_port" --bind 127.0.0.1 --directory issuer >issuer.log 2>&1 &
pids+=($!)
token() { # SUBJECT GROUP
  local now head body
  now="$(date +%s)"
  head="$(printf '{"alg": "RS256", "typ": "JWT", "kid": "house-1"}' | base64url)"
  body="$(printf '{"iss": "%s", "aud": "medgen", "sub": "%s", "groups": "%s", "nbf": %s, "exp": %s}' "$issuer" "$1" "$2" "$now" "$((now + 600))" | base64url)"
  printf '%s.%s.%s' "$head" "$body" "$(printf %s "$head.$body" | openssl dgst -sha256 -sign issuer.key -binary | base64url)"
}

say "PostgreSQL"
mkdir postgres
(umask 077 && openssl rand -hex 16 >password)
cp password postgres/password
if [ "$(id -u)" = 0 ]; then chown -R postgres postgres; fi
postgres_port="$(free_port)"
as_postgres "$postgres/initdb" -D "$work/postgres/data" -U medgen -A scram-sha-256 --pwfile="$work/postgres/password" -E UTF8 >/dev/null
as_postgres "$postgres/pg_ctl" -D "$work/postgres/data" -w -l "$work/postgres/log" \
  -o "-p $postgres_port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/postgres" start >/dev/null
PGPASSWORD="$(cat password)" "$postgres/createdb" -h 127.0.0.1 -p "$postgres_port" -U medgen records

say "host"
cat >access.json <<JSON
{
  "issuers": [{"name": "house", "issuer": "$issuer", "audience": "medgen"}],
  "certificates": {"trust_file": "ca.pem", "revocation_lists": ["crl.pem"]},
  "grants": [
    {"issuer": "house", "claims": {"groups": "imaging-research"}, "roles": ["researcher"]},
    {"issuer": "house", "claims": {"groups": "it-security"}, "roles": ["auditor"], "tenant": "*"},
    {"caller": "certificate:pacs-3", "roles": ["clinician"]}
  ]
}
JSON
cat >medgen.json <<JSON
{
  "data_folder": "$work/data",
  "listen": {"grpc_port": 0, "http_port": 0, "certificate_file": "$work/host.pem", "key_file": "$work/host.key"},
  "access": {"access_file": "$work/access.json"},
  "storage": {
    "database": "Host=127.0.0.1;Port=$postgres_port;Database=records;Username=medgen",
    "database_password_file": "$work/password"
  },
  "telemetry": {"port": 0}
}
JSON
"${medgen[@]}" config check medgen.json
"${medgen[@]}" serve --json --config medgen.json >addresses.json 2>medgen.log &
host=$!
pids+=("$host")
wait_for "the host" grep -q grpc addresses.json
address() { "$python" -c 'import json, sys; print(json.load(open("addresses.json"))[sys.argv[1]].split("//")[1].rstrip("/"))' "$1"; }
grpc="$(address grpc)"
operators="$(address operators)"
wait_for "readiness" get "http://$operators/readyz"

say "Prometheus"
prometheus_port="$(free_port)"
sed -e "s/medgen:8472/$operators/" -e 's/scrape_interval: 15s/scrape_interval: 1s/' "$root/deploy/prometheus/prometheus.yml" >prometheus.yml
cp "$root/deploy/prometheus/rules.yml" .
prometheus --config.file=prometheus.yml --storage.tsdb.path=metrics --web.listen-address="127.0.0.1:$prometheus_port" --log.level=error &
pids+=($!)

say "a researcher, with a token"
clip="$root/samples/clips/lung_ultrasound.mp4"
MEDGEN_TOKEN="$(token anna imaging-research)" "$python" "$root/samples/python/classify.py" "$clip" --host "$grpc" --ca ca.pem --out copy.mp4
cmp copy.mp4 "$clip"

say "the archive of images, with a certificate"
"$python" "$root/samples/python/classify.py" "$clip" --host "$grpc" --ca ca.pem --certificate pacs-3.pem --key pacs-3.key

say "strangers: no credentials, a token of no group, an auditor who wants to classify"
refused() { if "$@" >/dev/null 2>refusal; then echo "was let in: $*" >&2; return 1; fi; grep -q "$code" refusal; }
code=UNAUTHENTICATED refused "$python" "$root/samples/python/classify.py" "$clip" --host "$grpc" --ca ca.pem
MEDGEN_TOKEN="$(token eve visitors)" code=PERMISSION_DENIED refused "$python" "$root/samples/python/classify.py" "$clip" --host "$grpc" --ca ca.pem
MEDGEN_TOKEN="$(token ida it-security)" code=PERMISSION_DENIED refused "$python" "$root/samples/python/classify.py" "$clip" --host "$grpc" --ca ca.pem

say "the auditor"
MEDGEN_TOKEN="$(token ida it-security)" "${medgen[@]}" audit verify --host "https://$grpc" --ca ca.pem
MEDGEN_TOKEN="$(token ida it-security)" "${medgen[@]}" audit export --format atna --host "https://$grpc" --ca ca.pem --out audit.xml
grep -q 'UserID="house:anna"' audit.xml
grep -q 'UserID="certificate:pacs-3"' audit.xml

say "Prometheus has seen the jobs"
jobs_seen() { get "http://127.0.0.1:$prometheus_port/api/v1/query?query=sum(medgen_job_duration_seconds_count)" | grep -q '"2"'; }
wait_for "the metrics" jobs_seen

say "the records are in PostgreSQL"
rows="$(PGPASSWORD="$(cat password)" "$postgres/psql" -h 127.0.0.1 -p "$postgres_port" -U medgen -d records -Atc 'SELECT count(*) FROM jobs')"
[ "$rows" = 2 ]

say "stop"
kill -TERM "$host"
wait "$host"
say "everything worked"
