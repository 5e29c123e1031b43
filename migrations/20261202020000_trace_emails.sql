-- What an e-mail is traced by (W3C `traceparent`), so that its delivery goes on with the trace of whatever queued it. Null where traces are
-- off. Two random numbers and whether they are kept: about nobody, and outside the chain, as nothing is decided by it.
alter table emails add column traceparent text;
