/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/assignment/reload.h"

G_BEGIN_DECLS

/* Reloads in words, for the console and the shell alike. */

/* "nginx reloaded 14:02:13", "nginx not reloaded" */
char  *iss_reload_text_dup_state    (const IssReload  *reload,
                                     gint64            now,
                                     GTimeZone        *zone) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): why it is not as it should be, and what to do; NULL: it is */
char  *iss_reload_text_dup_trouble  (const IssReload  *reload,
                                     gint64            now) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "www-data read it, tried 14:02:13"; NULL: not tried */
char  *iss_reload_text_dup_trial    (const IssReload  *reload,
                                     gint64            now,
                                     GTimeZone        *zone) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "www-data may read the staged key, by permissions"; NULL: nothing is to be read */
char  *iss_reload_text_dup_staged   (const IssReload  *reload,
                                     gint64            now,
                                     GTimeZone        *zone) G_GNUC_WARN_UNUSED_RESULT;
/* (nullable): "nginx, whose account www-data cannot read the staged key (tried: …)"; NULL: it
 * can */
char  *iss_reload_text_dup_unreadable (const IssReload *reload) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
