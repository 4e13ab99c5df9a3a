-- How somebody wants a job's clip rendered, where that is not as the job's settings have it.
ALTER TABLE clips ADD COLUMN wish jsonb;
