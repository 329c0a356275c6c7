#!/usr/bin/env bash
# Images that stand in for the official ones where no registry can be reached, for tests only: from the files of this machine's Debian packages and
# its .NET runtime, under a prefix that nobody takes for the official names. What the official images are started with works with these too.
#   eng/standins/build.sh PREFIX PUBLISHED    PUBLISHED has the published Promethoide.Api, .Web and .Smoke
set -euo pipefail
export LC_ALL=C
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
prefix=$1 published=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# files PACKAGE...: what is installed of them and of all that they depend on, by the real paths.
files() {
  local package
  apt-cache depends --recurse --installed --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances "$@" |
    grep -E '^[a-z0-9]' | sort -u | while read -r package; do
      dpkg -L "$package" 2>/dev/null || true
    done | grep -vE '^package diverts|^diverted by|^/\.$|^/usr/share/(doc|man|locale|info|lintian|bug)/|^/usr/lib/(llvm|python|modules)|\.pyc$|/__pycache__' |
    sed -E 's#^/(bin|sbin|lib|lib64)/#/usr/\1/#'
  printf '%s\n' /bin /sbin /lib /lib64 /etc/ld.so.cache /etc/alternatives /usr/lib/locale/C.utf8
  find /etc/ssl/certs
}

# import NAME: an image of the file list on stdin and of what is in $work/NAME, which counts more.
import() {
  (cd "$work/$1" && find . -mindepth 1 -printf '%P\n') | sort >"$work/own"
  sed 's#^/##; /^$/d' | sort -u | comm -23 - "$work/own" >"$work/list"
  tar -C / --no-recursion --ignore-failed-read -T "$work/list" -cf "$work/tar" 2>/dev/null || true
  tar -C "$work/$1" --no-recursion --numeric-owner -T "$work/own" -rf "$work/tar"
  docker import "$work/tar" "$prefix/$1" >/dev/null
  rm "$work/tar"
}

# build NAME BASE INSTRUCTION...: no context, so it takes no time.
build() {
  local name=$1 base=$2
  shift 2
  { echo "FROM $prefix/$base"; printf '%s\n' "$@"; } | docker build --quiet --tag "$prefix/$name" - >/dev/null
}

users() {
  mkdir -p "$1/etc" "$1/tmp"
  chmod 1777 "$1/tmp"
  printf '%s\n' root:x:0:0::/root:/bin/sh www-data:x:33:33::/var/www:/bin/false nobody:x:65534:65534::/:/bin/false postgres:x:999:999::/var/lib/postgresql:/bin/sh app:x:1654:1654::/home/app:/bin/false >"$1/etc/passwd"
  printf '%s\n' root:x:0: www-data:x:33: nogroup:x:65534: postgres:x:999: app:x:1654: >"$1/etc/group"
}

# --- the components: one image with all of them, and a name with the right start for each ------------------------------------------------
postgres=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
root=$work/os
users "$root"
mkdir -p "$root"/{prometheus,pushgateway,docker-entrypoint-initdb.d,usr/local/bin} "$root"/var/{lib/postgresql,run/postgresql} "$root"/usr/local/apache2/{conf,errors,logs}
install -m 755 eng/standins/docker-entrypoint.sh "$root/usr/local/bin/"
printf '#!/bin/sh\nexec apache2 -DFOREGROUND -d /usr/local/apache2 -f conf/httpd.conf\n' >"$root/usr/local/bin/httpd-foreground"
# Debian's exporter is older than the flags that choose collectors.
printf '#!/bin/bash\nfor flag; do shift; case $flag in --collector.*) ;; *) set -- "$@" "$flag" ;; esac; done\nexec prometheus-postgres-exporter "$@"\n' >"$root/usr/local/bin/postgres-exporter"
chmod 755 "$root"/usr/local/bin/*
ln -s /usr/bin/prometheus-node-exporter "$root/usr/local/bin/node_exporter"
ln -s /usr/lib/apache2/modules "$root/usr/local/apache2/modules"
chown 65534:65534 "$root"/{prometheus,pushgateway}
chown 999:999 "$root"/var/{lib,run}/postgresql
files base-files bash coreutils dash findutils grep libc-bin mawk sed util-linux wget netbase \
  "postgresql-$(basename "$(dirname "$postgres")")" prometheus prometheus-node-exporter prometheus-blackbox-exporter \
  prometheus-postgres-exporter prometheus-apache-exporter prometheus-pushgateway apache2-bin apache2-utils mtail | import os

# Entry points and users as in the official images; volumes belong to whom they belong to there.
path='ENV PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
component() { build "$1" os "$path" 'USER 65534' "ENTRYPOINT [\"$2\"]" "WORKDIR $3"; }
component prometheus prometheus /prometheus
component node-exporter prometheus-node-exporter /
component blackbox-exporter prometheus-blackbox-exporter /
component postgres-exporter postgres-exporter /
component apache-exporter prometheus-apache-exporter /
component pushgateway prometheus-pushgateway /pushgateway
build postgres os "ENV PATH=$postgres:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 PGDATA=/var/lib/postgresql/18/docker" \
  'VOLUME /var/lib/postgresql' 'ENTRYPOINT ["docker-entrypoint.sh"]' 'STOPSIGNAL SIGINT' 'CMD ["postgres"]'
build httpd os "$path" 'WORKDIR /usr/local/apache2' 'STOPSIGNAL SIGWINCH' 'CMD ["httpd-foreground"]'

# --- Apache, from its own Dockerfile on the stand-in ------------------------------------------------------------------------------------
sed "s#^FROM .*#FROM $prefix/httpd#" Promethoide.Web/Apache/Dockerfile >"$work/Dockerfile"
docker build --quiet --tag "$prefix/promethoide-apache:local" --file "$work/Dockerfile" Promethoide.Web/Apache >/dev/null

# --- the counter of Apache's answers: its own Dockerfile would ask Debian's servers for mtail ---------------------------------------------------
printf '%s\n' "FROM $prefix/os" "$path" 'COPY apache.mtail /etc/mtail/' 'USER 65534' 'ENTRYPOINT ["mtail"]' >"$work/Dockerfile"
docker build --quiet --tag "$prefix/promethoide-apache-log-exporter:local" --file "$work/Dockerfile" monitoring/apache-log >/dev/null

# --- .NET, like the chiseled images: the runtime and the libraries that it needs, no shell, nobody but app -------------------------------
dotnet=$(dirname "$(readlink -f "$(command -v dotnet)")")
root=$work/dotnet
users "$root"
mkdir -p "$root"/{home/app,usr/bin,app} "$root/usr/share/dotnet"
ln -s /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
cp -r --parents -t "$root/usr/share/dotnet" --no-dereference "$dotnet/dotnet" "$dotnet/host" "$dotnet"/shared/Microsoft.{NETCore,AspNetCore}.App 2>/dev/null
mv "$root/usr/share/dotnet$dotnet"/* "$root/usr/share/dotnet/"
rm -rf "$root/usr/share/dotnet/${dotnet#/}"
chown 1654:1654 "$root/home/app"
files base-files libc6 libgcc-s1 libstdc++6 zlib1g libssl3 "$(dpkg-query -W -f '${Package}\n' 'libicu[0-9]*' | head -1)" tzdata netbase |
  grep -vE '^(/usr)?/s?bin/.|^/usr/bin/.' | import dotnet
for project in Api Web Smoke; do
  printf '%s\n' "FROM $prefix/dotnet" 'COPY . /app/' 'WORKDIR /app' 'USER 1654' 'ENV HOME=/home/app DOTNET_RUNNING_IN_CONTAINER=true ASPNETCORE_HTTP_PORTS=8080' \
    "ENTRYPOINT [\"dotnet\", \"/app/Promethoide.$project.dll\"]" >"$work/Dockerfile"
  docker build --quiet --tag "$prefix/promethoide-${project,,}:local" --file "$work/Dockerfile" "$published/Promethoide.$project" >/dev/null
done
