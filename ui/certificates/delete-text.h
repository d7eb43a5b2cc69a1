/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "core/store/store-name.h"

G_BEGIN_DECLS

/* What is asked before certificates are deleted, and said afterwards. name: whom the first was
 * issued to; server: its short name. */

char  *iss_delete_text_question    (const char    *name,
                                    guint          n,
                                    IssStoreName   store,
                                    const char    *server) G_GNUC_WARN_UNUSED_RESULT;
char  *iss_delete_text_consequence (guint          n,
                                    IssStoreName   store,
                                    gboolean       has_key,
                                    const char    *server,
                                    const char    *warning) G_GNUC_WARN_UNUSED_RESULT;
/* with its mnemonic: "_Delete 2 Certificates" */
char  *iss_delete_text_verb        (guint          n) G_GNUC_WARN_UNUSED_RESULT;
/* "auth.contoso.example was deleted from Personal on fe01." */
char  *iss_delete_text_done        (const char    *name,
                                    guint          n,
                                    IssStoreName   store,
                                    const char    *server) G_GNUC_WARN_UNUSED_RESULT;
/* "Undo Delete of auth.contoso.example" */
char  *iss_delete_text_undo        (const char    *name,
                                    guint          n) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
