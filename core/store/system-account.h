/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/types.h>

G_BEGIN_DECLS

#define ISS_SYSTEM_ACCOUNT_MAX_GROUPS 1024
#define ISS_SYSTEM_ACCOUNT_MAX_NAME 64

/**
 * IssSystemAccount:
 *
 * An account of the server, as its system knows it.
 */
typedef struct
{
  uid_t  uid;
  gid_t  groups[ISS_SYSTEM_ACCOUNT_MAX_GROUPS];
  int    n_groups;
} IssSystemAccount;

gboolean  iss_system_account_find            (const char              *name,
                                              IssSystemAccount        *out_account);
gboolean  iss_system_account_is_in_group     (const IssSystemAccount  *self,
                                              gid_t                    group);
char     *iss_system_account_dup_name        (uid_t                    uid)
                                              G_GNUC_WARN_UNUSED_RESULT;   /* (nullable) */
char     *iss_system_account_dup_group_name  (gid_t                    gid)
                                              G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
