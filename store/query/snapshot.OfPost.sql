-- All counts of one post, oldest first.
SELECT observed_at, import_id, impressions, views, reach, likes, comments, shares, saves, clicks, link_clicks, engagements, follows, profile_visits, share_menu, media_views, duration_s, engagements_derived
FROM snapshot WHERE org_id = $1 AND post_id = $2
ORDER BY observed_at, import_id
