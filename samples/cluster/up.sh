#!/usr/bin/env bash
# A cluster on one machine, on loopback and in a temporary folder: three NATS servers with TLS and the rights of deploy/cluster, PostgreSQL, and three
# hosts (a front and two workers). Clips are asked of the front; one worker is killed in the middle, and the other one goes on. Ends with exit code 0
# when everything worked, and leaves nothing. Needs openssl, nats-server and postgresql (Debian's names). MEDGEN: the command to run.
set -euo pipefail
script="$(readlink -f "${BASH_SOURCE[0]}")"
root="${script%/samples/cluster/*}"
read -r -a medgen <<<"${MEDGEN:-$root/medgen}"
nats=/usr/sbin/nats-server
[ -x "$nats" ] || { echo "nats-server is not installed" >&2; exit 69; }
postgres="$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)" || { echo "PostgreSQL is not installed" >&2; exit 69; }
work="$(mktemp -d -t medgen-cluster-XXXXXX)"
declare -A pids=()

say() { printf '== %s\n' "$*"; }

# The server refuses to run as root.
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }

clean_up() {
  local status=$?
  trap - EXIT
  if [ "$status" != 0 ]; then tail -n 20 "$work"/*.log >&2 || true; fi
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait || true
  as_postgres "$postgres/pg_ctl" -D "$work/postgres/data" -m fast stop >/dev/null 2>&1 || true
  rm -rf "$work"
  exit "$status"
}
trap clean_up EXIT

# free_ports COUNT: all at once, so that they differ.
free_ports() {
  /usr/bin/python3 -c 'import socket, sys
s = [socket.socket() for _ in range(int(sys.argv[1]))]
[one.bind(("127.0.0.1", 0)) for one in s]
print(*[one.getsockname()[1] for one in s])' "$1"
}

chmod 755 "$work"
cd "$work"
read -r -a port <<<"$(free_ports 13)"

say "authority: certificates of the servers, of the hosts and of the operator"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out authority.pem -days 2 -subj "/CN=House" 2>/dev/null
issue() {
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$1-key.pem" -out "$1.csr" -subj "/CN=$2" 2>/dev/null
  openssl x509 -req -in "$1.csr" -CA authority.pem -CAkey ca.key -CAcreateserial -days 2 -out "$1.pem" \
    -extfile <(printf 'subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n') 2>/dev/null
}
issue server server
issue host medgen-host
issue operator medgen-operator

say "PostgreSQL"
install -d postgres
printf 'sample\n' >password
cp password postgres/password
if [ "$(id -u)" = 0 ]; then chown -R postgres postgres; fi
as_postgres "$postgres/initdb" -D "$work/postgres/data" -U medgen -A scram-sha-256 --pwfile="$work/postgres/password" -E UTF8 -N >/dev/null
as_postgres "$postgres/pg_ctl" -D "$work/postgres/data" -w -l "$work/postgres/log" \
  -o "-p ${port[0]} -c listen_addresses=127.0.0.1 -c unix_socket_directories=$work/postgres" start >/dev/null
PGPASSWORD=sample "$postgres/createdb" -h 127.0.0.1 -p "${port[0]}" -U medgen medgen

say "three NATS servers"
routes="nats://127.0.0.1:${port[4]},nats://127.0.0.1:${port[5]},nats://127.0.0.1:${port[6]}"
for i in 1 2 3; do
  "$nats" -c "$root/deploy/cluster/nats-server.conf" --name "s$i" -a 127.0.0.1 -p "${port[$i]}" -sd "$work/nats$i" \
    --cluster "nats://127.0.0.1:${port[$((i + 3))]}" --routes "$routes" >"nats$i.log" 2>&1 &
  pids[nats$i]=$!
done

# start NAME ROLE PORT: a host; all of them sign with the first one's key.
start() {
  cat >"$1.json" <<JSON
{
  "data_folder": "$work/$1",
  "storage": { "database": "Host=127.0.0.1;Port=${port[0]};Database=medgen;Username=medgen", "database_password_file": "$work/password" },
  "cluster": {
    "servers": "tls://127.0.0.1:${port[1]},tls://127.0.0.1:${port[2]},tls://127.0.0.1:${port[3]}",
    "host_name": "$1", "role": "$2", "device_class": "cpu", "lease": "3s",
    "certificate_file": "$work/host.pem", "key_file": "$work/host-key.pem", "authority_file": "$work/authority.pem"
  },
  "listen": { "grpc_port": $3, "http_port": 0 }
}
JSON
  if [ -f front/host-key.pem ] && [ ! -d "$1" ]; then
    install -d -m 700 "$1" && install -m 600 front/host-key.pem "$1/host-key.pem"
  fi
  # The command's own process, not a shell around it: it is what is killed.
  "${medgen[@]}" serve --config "$work/$1.json" --json >"$1.ready" 2>>"$1.log" &
  pids[$1]=$!
  for ((i = 0; i < 600; i++)); do
    if [ -s "$1.ready" ]; then say "host $1 ($2) serves"; return; fi
    kill -0 "${pids[$1]}" 2>/dev/null || break
    sleep 0.2
  done
  echo "host $1 did not start" >&2
  return 1
}
# Servers without a leader yet store nothing; the first host needs only to be let in.
start front front "${port[7]}"
start one worker "${port[8]}"

generate() {
  "${medgen[@]}" generate --host "http://127.0.0.1:${port[7]}" --prompt "a heart beats" --width 64 --height 64 --frames 9 --steps "$1" --seed 7 \
    --deterministic --out "$2"
}

say "a clip, asked of the front and done by a worker"
generate 60 first.mp4 >generate1.log 2>&1

say "the same, and its worker is killed; another one goes on"
generate 60 second.mp4 >generate2.log 2>&1 &
pids[generate]=$!
sleep 2
kill -KILL "${pids[one]}"
start two worker "${port[9]}"
wait "${pids[generate]}"
unset "pids[generate]"

frames() { ffmpeg -v error -i "$1" -f framemd5 - | grep -v '^#'; }
[ "$(frames first.mp4)" = "$(frames second.mp4)" ] || { echo "the frames differ" >&2; exit 1; }
say "the frames are the same"

cat >operator.json <<JSON
{ "data_folder": "$work/none", "cluster": {
  "servers": "tls://127.0.0.1:${port[1]}",
  "certificate_file": "$work/operator.pem", "key_file": "$work/operator-key.pem", "authority_file": "$work/authority.pem" } }
JSON
"${medgen[@]}" cluster status --config operator.json
"${medgen[@]}" cluster drain two --config operator.json
say "done"
