#!/bin/sh
# Run by the PostgreSQL container on its first start (compose.yaml): makes Rapport's role and database, and sets the
# role's password. psql quotes the password itself; it stands on no command line.
set -eu
psql --username "$POSTGRES_USER" --dbname postgres --file /rapport/database.sql
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 << 'SQL'
\set password `echo "$RAPPORT_PASSWORD"`
ALTER ROLE rapport PASSWORD :'password';
SQL
