-- Days without activity data, for which a review waits.
select * from ops.uncovered_days order by review_month, day
