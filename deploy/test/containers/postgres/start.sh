# Makes the cluster at the first start, then becomes the server.
set -eu
cd /var/lib/postgresql/data
if [ ! -e PG_VERSION ]; then
  printf %s "$POSTGRES_PASSWORD" > /tmp/password
  initdb --pgdata . --username "$POSTGRES_USER" --pwfile /tmp/password --auth scram-sha-256 > /dev/null
  echo "create database \"$POSTGRES_DB\"" | postgres --single -D . postgres > /dev/null
  echo 'host all all all scram-sha-256' >> pg_hba.conf
fi
exec postgres -D . -c listen_addresses='*'
