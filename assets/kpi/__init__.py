"""The KPI tables: one SQL file each."""
