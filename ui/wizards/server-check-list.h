/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"
#include "ui/wizards/server-check-row.h"

G_BEGIN_DECLS

typedef void (* IssServerCheckDescribe) (IssServer            *server,
                                         IssServerCheckState  *out_state,   /* zeroed */
                                         gpointer              user_data);

#define ISS_TYPE_SERVER_CHECK_LIST (iss_server_check_list_get_type ())

/* The servers of a pool, each with a tick and its state, live. Signal "changed":
 * the ticks, or what is known of a server, are different now. */
G_DECLARE_FINAL_TYPE (IssServerCheckList, iss_server_check_list, ISS, SERVER_CHECK_LIST, GtkWidget)

/* borrowed: the page that owns the list */
void                iss_server_check_list_set_pool     (IssServerCheckList      *self,
                                                        IssPool                 *pool,
                                                        IssServerCheckDescribe   describe,
                                                        gpointer                 user_data);
/* at all of them, now */
void                iss_server_check_list_look         (IssServerCheckList      *self,
                                                        GPtrArray               *asked);
/* describe again */
void                iss_server_check_list_update       (IssServerCheckList      *self);
guint               iss_server_check_list_get_n_rows   (IssServerCheckList      *self);
IssServerCheckRow  *iss_server_check_list_get_row      (IssServerCheckList      *self,
                                                        guint                    index);
/* (nullable) */
IssServerCheckRow  *iss_server_check_list_find_row     (IssServerCheckList      *self,
                                                        IssServer               *server);
/* (element-type IssServer) */
GPtrArray          *iss_server_check_list_dup_ticked   (IssServerCheckList      *self)
                                                        G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
