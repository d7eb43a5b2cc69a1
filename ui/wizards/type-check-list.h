/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "core/pool/pool.h"

G_BEGIN_DECLS

#define ISS_TYPE_TYPE_CHECK_LIST (iss_type_check_list_get_type ())

/* The certificate types, each with a tick and what the pool uses for it now; those
 * that a front end does not need are folded away. Signal "changed": the ticks are
 * different now. */
G_DECLARE_FINAL_TYPE (IssTypeCheckList, iss_type_check_list, ISS, TYPE_CHECK_LIST, GtkWidget)

/* what is ticked at first; only those that can be rolled, or all */
void             iss_type_check_list_set_pool    (IssTypeCheckList   *self,
                                                  IssPool            *pool,
                                                  const char *const  *types,
                                                  gboolean            rollable);
void             iss_type_check_list_update      (IssTypeCheckList   *self);
char           **iss_type_check_list_dup_ticked  (IssTypeCheckList   *self)
                                                  G_GNUC_WARN_UNUSED_RESULT;
/* (nullable) */
GtkCheckButton  *iss_type_check_list_find_check  (IssTypeCheckList   *self,
                                                  const char         *type);

G_END_DECLS
