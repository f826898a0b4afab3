-- counts: how much the version holds of all campaigns.
select
    (select count(*) from claims)::double as claims,
    (select count(*) from facts)::double as facts,
    (select count(*) from sources where kind <> 'ledger')::double as sources,
    (select count(*) from facts where agreement = 'conflict')::double as conflicts
