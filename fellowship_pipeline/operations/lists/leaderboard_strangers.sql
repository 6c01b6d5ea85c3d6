-- Names on leaderboards that are nobody of the program, as most there are. One who is a member after all lacks the line
-- for the aliases file, the member to be written before its first comma.
select
    value,
    "rows",
    first_seen,
    file,
    ',kaggle,' || case
        when regexp_matches(value, '[",\r\n]') then '"' || replace(value, '"', '""') || '"'
        else value
    end as aliases_line
from ops.unmatched
where source = 'competitions' and reason = 'unknown'
order by value
