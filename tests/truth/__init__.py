"""The KPIs once more: plain Python written from the KPI dictionary, and the pipeline held against it."""
