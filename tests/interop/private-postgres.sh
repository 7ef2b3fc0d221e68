#!/bin/sh
# A PostgreSQL of one test run, from Debian's package: prints its URL when it is ready and is gone when standard input
# ends, which it does however the run ends.
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
[ -x "$bin/initdb" ] || { echo "no /usr/lib/postgresql/*/bin/initdb: apt-get install postgresql" >&2; exit 1; }
folder=$(mktemp -d)
# As root it runs as its own user, which PostgreSQL asks for.
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as() { setpriv --reuid=postgres --regid=postgres --clear-groups "$@"; }
fi
cd "$folder"
clean() {
  as "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true
  cd / && rm -rf "$folder"
}
trap clean EXIT
# Ctrl-C is for the tests; their end is ours.
trap '' INT
if ! { as "$bin/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-locale --no-sync &&
  as "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -t 60 -o "-p $1 -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories='$folder' -c fsync=off -c full_page_writes=off -c synchronous_commit=off \
    -c max_connections=300 -c shared_buffers=64MB" start; } >"$folder/out" 2>&1 </dev/null; then
  tail -n 20 "$folder/out" "$folder/log" >&2
  exit 1
fi
echo "postgres://postgres@127.0.0.1:$1/postgres"
cat >/dev/null
