#!/usr/bin/env bash
# Starts httpd where a name may stand for several replicas of web or rest-api, as docker compose scales them. httpd resolves a name once and keeps one address; so
# this script looks up the addresses every two seconds and makes them the members of balancers. When they change, httpd reloads its configuration.
set -u
run=${APACHE_RUN_DIR:-logs}
mkdir -p "$run/replicas"
known_apis= known_webs=

addresses() {
  local host=${1#http://} address
  getent ahostsv4 "${host%:*}" | while read -r address _; do echo "$address"; done | sort -u
}

# Succeeds when a member was added or removed. A name without an address belongs to a service that is being recreated: its last addresses stay.
look() {
  apis=$(addresses "$REST_API_HTTP") webs=$(addresses "$WEB_HTTP")
  [ -n "$apis" ] && [ -n "$webs" ] && [ "$apis $webs" != "$known_apis $known_webs" ]
}

# stays ADDRESS PORT PATH: the member responds and keeps the connection open; one that is about to stop or not yet warm closes it.
stays() {
  local line
  exec 3<>"/dev/tcp/$1/$2" && printf 'GET %s HTTP/1.1\r\nHost: %s\r\n\r\n' "$3" "$1" >&3 && read -r line <&3 && [[ $line == "HTTP/1.1 "[23]* ]] || return 1
  while read -r line <&3 && [ "$line" != $'\r' ]; do
    [[ ${line,,} != connection:*close* ]] || return 1
  done
}
export -f stays

probe() { timeout 2 bash -c 'stays "$@"' - "$@" 2>/dev/null; }

# members ADDRESSES URL PATH TIMEOUT: the members that get requests. Each is checked every second, and gets no request while it does not respond within TIMEOUT
# seconds, or does not stay. The same holds for one that a request could not reach or waited for in vain, until it passes that check again; a minute (retry) is longer
# than that takes. A request goes to another member only if it has not reached the first: nothing is done twice. httpd forgets the members' state with each new
# configuration, so a member that does not stay now begins as failed (C).
members() {
  local address port=${2##*:}
  for address in $1; do
    echo "BalancerMember \"http://$address:$port\" connectiontimeout=2 timeout=$4 retry=60 ttl=60 hcmethod=GET11 hcuri=$3 hcexpr=stays hcinterval=1$(probe "$address" "$port" "$3" || echo ' status=+C')"
  done
}

write() {
  local rest_api
  # The API gives up on the database after two seconds, and web on the API after three and a half.
  rest_api=$(members "$apis" "$REST_API_HTTP" / 3)
  echo "$rest_api" >"$run/replicas/rest-api.conf"
  # This endpoint may take ten seconds on purpose.
  echo "${rest_api//timeout=3/timeout=15}" >"$run/replicas/delay.conf"
  members "$webs" "$WEB_HTTP" /logo.svg 4 >"$run/replicas/web.conf"
  known_apis=$apis known_webs=$webs
}

until look; do sleep 0.5; done
write
while sleep 2; do
  [ -s "$run/httpd.pid" ] && look || continue
  # A new configuration closes idle connections while a request may be on its way. So each is closed by its next response instead, for longer than any stays idle;
  # unless no member is left to respond.
  if grep -qxF "$apis" <<<"$known_apis" && grep -qxF "$webs" <<<"$known_webs"; then
    touch "$run/replicas/closing"
    sleep 6
  fi
  write
  # httpd has replaced this shell by now.
  kill -USR1 $$
  sleep 1
  rm -f "$run/replicas/closing"
done &
exec httpd-foreground
