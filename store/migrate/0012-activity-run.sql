-- Whether another file has the same run is asked for every row of a file of activities.
CREATE INDEX activity_run ON activity (org_id, name, start_day);
