/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/ctl/context.h"
#include "core/assignment/transition.h"

G_BEGIN_DECLS

/**
 * CtlVerb:
 *
 * One verb: one file, one entry of the table in main.c.
 */
typedef struct
{
  const char         *name;
  const char         *summary;      /* untranslated, N_() */
  const char         *words;        /* what follows it: "NAME", or "" */
  guint               n_words;      /* how many of them at the most */
  const char *const  *options;      /* beside those that every verb takes */
  gboolean            is_local;     /* knows of no pool: a broken topology is no hindrance */
  CtlExitStatus    (* run) (CtlContext *context);
  const IssTransitionKind *changes; /* (nullable): what it may do, for its help */
  gsize               n_changes;
} CtlVerb;

/* How servers are named where nothing is changed, and where something is. */
#define CTL_VERB_WHERE "server", "pool", "identity"

extern const CtlVerb ctl_list_servers_verb;
extern const CtlVerb ctl_add_server_verb;
extern const CtlVerb ctl_remove_server_verb;
extern const CtlVerb ctl_set_pool_verb;
extern const CtlVerb ctl_test_server_verb;
extern const CtlVerb ctl_get_store_verb;
extern const CtlVerb ctl_show_certificate_verb;
extern const CtlVerb ctl_get_certificate_verb;
extern const CtlVerb ctl_import_certificate_verb;
extern const CtlVerb ctl_export_certificate_verb;
extern const CtlVerb ctl_copy_certificate_verb;
extern const CtlVerb ctl_set_certificate_verb;
extern const CtlVerb ctl_remove_certificate_verb;
extern const CtlVerb ctl_delete_certificate_verb;
extern const CtlVerb ctl_restore_certificate_verb;
extern const CtlVerb ctl_set_property_verb;
extern const CtlVerb ctl_set_key_access_verb;
extern const CtlVerb ctl_set_key_uri_verb;
extern const CtlVerb ctl_test_certificate_verb;
extern const CtlVerb ctl_get_presence_verb;
extern const CtlVerb ctl_test_proof_verb;
extern const CtlVerb ctl_test_pool_verb;
extern const CtlVerb ctl_get_run_sheet_verb;
extern const CtlVerb ctl_verify_record_verb;
extern const CtlVerb ctl_inspect_pfx_verb;
extern const CtlVerb ctl_make_administrator_key_verb;
extern const CtlVerb ctl_get_administrator_key_verb;
extern const CtlVerb ctl_enroll_server_verb;
extern const CtlVerb ctl_get_administrator_verb;
extern const CtlVerb ctl_add_administrator_verb;
extern const CtlVerb ctl_remove_administrator_verb;
extern const CtlVerb ctl_get_replication_status_verb;
extern const CtlVerb ctl_invoke_replication_verb;
extern const CtlVerb ctl_replicate_verb;
extern const CtlVerb ctl_get_task_verb;
extern const CtlVerb ctl_get_log_verb;

G_END_DECLS
