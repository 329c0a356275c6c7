#!/usr/bin/env bash
# Starts httpd where there may be more than one web or rest-api behind a name, as docker compose scales them. httpd takes one address of a name and keeps it; so the
# addresses are looked up here, every two seconds, and are the members of two balancers. When they change, httpd reads its configuration again.
set -u
run=${APACHE_RUN_DIR:-logs}
mkdir -p "$run/replicas"

# members URL PATH TIMEOUT: whom requests go to. Each is asked for a page every two seconds, and gets no request while it does not answer within TIMEOUT seconds, or
# says that it is about to stop: it closes its connections. A request goes to another member only when it has not reached the first: nothing is done twice.
members() {
  local host=${1#http://} port=${1##*:} address
  getent ahostsv4 "${host%:*}" | while read -r address _; do echo "$address"; done | sort -u | while read -r address; do
    echo "BalancerMember \"http://$address:$port\" connectiontimeout=2 timeout=$3 retry=1 ttl=60 hcmethod=GET11 hcuri=$2 hcexpr=stays hcinterval=2"
  done
}

# Succeeds when somebody is new or gone. A name without an address is that of a service that is being recreated: its last ones stay.
look() {
  # The API gives up on the database after two seconds, and web on the API after four and a half.
  apis=$(members "$REST_API_HTTP" / 4) webs=$(members "$WEB_HTTP" /logo.svg 6)
  [ -n "$apis" ] && [ -n "$webs" ] && [ "$apis $webs" != "$(cat "$run/replicas/rest-api.conf" 2>/dev/null) $(cat "$run/replicas/web.conf" 2>/dev/null)" ]
}

write() {
  echo "$apis" >"$run/replicas/rest-api.conf"
  echo "$webs" >"$run/replicas/web.conf"
  # It may wait for ten seconds on purpose.
  echo "${apis//timeout=4/timeout=15}" >"$run/replicas/delay.conf"
}

until look; do sleep 0.5; done
write
while sleep 2; do
  [ -s "$run/httpd.pid" ] && look || continue
  # A restart closes connections that wait for a request, and one may be on its way. So for longer than any waits, each is closed by its next answer; unless
  # nobody is left who could answer.
  if grep -qxF "$apis" "$run/replicas/rest-api.conf" && grep -qxF "$webs" "$run/replicas/web.conf"; then
    touch "$run/replicas/closing"
    sleep 6
  fi
  write
  # This shell's process is httpd's by now.
  kill -USR1 $$
  sleep 1
  rm -f "$run/replicas/closing"
done &
exec httpd-foreground
