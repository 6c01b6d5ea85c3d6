-- Names that resolve to nobody, those in most rows first.
select * from ops.unmatched order by "rows" desc, source, value
