/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The columns of a list of IssReplicationItem. */
void  iss_replication_columns_add (GtkColumnView  *view);

G_END_DECLS
