-- Why records were rejected, by file and column, and where the first of them stands.
select
    files.path,
    files.source,
    rejects."column",
    rejects.reason,
    count(*) as records,
    min(rejects.line) as first_line
from raw.rejects as rejects
left join raw.files as files on rejects.file_id = files.file_id
group by all
order by files.path, files.source, rejects."column", rejects.reason
