-- Nothing of a person stays: the row keeps the page's id, so that the same page sent again
-- does not bring the comment back, and the hash of the link, which then says "deleted".
UPDATE comment SET state = 'deleted', at = 0, changed_at = 0, version = 0, name = '', text = '', waiting_name = '', waiting_text = '', same = '', origin = '', flags = '',
  reason = '', decided_by = '', decided_at = 0, reply = '', reply_by = '', reply_at = 0
WHERE org_id = $1 AND id = $2
