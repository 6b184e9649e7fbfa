-- Make Rapport's role and database, as PostgreSQL's superuser; harmless to repeat:
--   psql --file deploy/database.sql                          (docs/operate/install-debian.md, step 4)
-- The role owns the schema `public` of the database `rapport` and nothing more: it is no superuser, makes no databases
-- and no roles, and cannot reach another database of the server that does not let everybody in.
-- Other names: --set role=NAME --set database=NAME
\set ON_ERROR_STOP on
\if :{?role} \else \set role rapport \endif
\if :{?database} \else \set database rapport \endif

SELECT format('CREATE ROLE %I', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

SELECT format('CREATE DATABASE %I ENCODING %L TEMPLATE template0', :'database', 'UTF8')
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE :"database" TO :"role";

\connect :"database"
-- Made here, because making one needs a right on the whole database
CREATE EXTENSION IF NOT EXISTS pg_trgm;
ALTER SCHEMA public OWNER TO :"role";
REVOKE ALL ON SCHEMA public FROM PUBLIC;
