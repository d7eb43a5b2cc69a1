/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/reload.h"
#include "core/pool/server.h"

G_BEGIN_DECLS

/* Whether the services of a server have read what is published for a type: as it was seen. All
 * are %NULL where nothing is configured, or nothing is to be said. */

/* (nullable): "nginx reloaded 14:02:13, dovecot not reloaded" */
char  *iss_reload_note_dup_state    (IssServer   *server,
                                     const char  *type,
                                     GTimeZone   *zone) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "nginx not reloaded" */
char  *iss_reload_note_dup_wrong    (IssServer   *server,
                                     const char  *type) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): the same, of what is published: then it is only at this rung for those who use it */
#define ISS_RELOAD_NOTE_RUNG ISS_RUNG_READABLE
char  *iss_reload_note_dup_in_vain  (IssServer   *server,
                                     const char  *type,
                                     IssRung      rung) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): why, sentences without the last full stop */
char  *iss_reload_note_dup_trouble  (IssServer   *server,
                                     const char  *type) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "www-data has read the key, tried 14:02:13" */
char  *iss_reload_note_dup_trial    (IssServer   *server,
                                     const char  *type,
                                     GTimeZone   *zone,
                                     gboolean    *out_readable) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "www-data may read the key, by permissions": that of what is staged */
char  *iss_reload_note_dup_staged   (IssServer   *server,
                                     const char  *type,
                                     GTimeZone   *zone,
                                     gboolean    *out_readable,
                                     gboolean    *out_tried) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "rtc, whose account rtc-service cannot read the staged key (tried)" */
char  *iss_reload_note_dup_unreadable (IssServer  *server,
                                       const char *type) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): the line to be typed that lets them */
char  *iss_reload_note_dup_remedy   (IssServer    *server,
                                     const char   *type,
                                     const guint8 *sha256) G_GNUC_WARN_UNUSED_RESULT;

/* The next that is wrong, from *position on; (nullable): there is none */
const IssReload  *iss_reload_note_next_wrong (IssServer *server,
                                              guint     *position);
/* (nullable): why it is not known what is configured */
const char       *iss_reload_note_get_error  (IssServer *server);

G_END_DECLS
