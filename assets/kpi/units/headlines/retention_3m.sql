-- As behind kpi.retention, three months later, all start months.
select * from units_of_retention where months_since = 3
