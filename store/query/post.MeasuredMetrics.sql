-- How many posts have each metric.
SELECT COUNT(impressions), COUNT(views), COUNT(reach), COUNT(likes), COUNT(comments), COUNT(shares), COUNT(saves), COUNT(clicks), COUNT(link_clicks), COUNT(engagements), COUNT(follows), COUNT(profile_visits), COUNT(share_menu), COUNT(media_views), COUNT(duration_s)
FROM post_latest WHERE org_id = $1
