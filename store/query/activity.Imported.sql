-- What finished imports say that we did; of the same run the one seen later comes first.
SELECT i.id, a.import_id, a.name, a.start_day, a.end_day, a.network, a.region, a.product, a.media, a.design, a.amount_minor, a.currency
FROM activity a
JOIN import m ON m.org_id = a.org_id AND m.id = a.import_id AND m.state = 'done'
JOIN activity_identity i ON i.org_id = a.org_id AND i.entered = 0 AND i.name = a.name AND i.network = a.network AND i.region = a.region AND i.product = a.product
WHERE a.org_id = $1
ORDER BY i.id, a.start_day, a.end_day, m.observed_at DESC, a.import_id DESC, a.id
