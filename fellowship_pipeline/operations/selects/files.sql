-- The first files that need somebody, with the records of the version that stands of each.
select
    files.*,
    standing.records
from list_files as files
left join (
    select
        path,
        source,
        max_by(rows, first_seen) as records
    from raw.files
    where status = 'loaded'
    group by path, source
) as standing on files.path = standing.path and files.source = standing.source
order by files.status <> 'held', files.status, files.path, files.source
limit $most
