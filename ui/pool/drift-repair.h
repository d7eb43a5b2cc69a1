/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/window/scope-node.h"

G_BEGIN_DECLS

/* Puts right what was changed on one server; never makes a certificate. */

/* what is agreed becomes current there again */
void  iss_drift_repair_put_back        (GtkWidget     *parent,
                                        IssScopeNode  *node,
                                        const char    *server,
                                        const char    *type);
/* what one server uses becomes current everywhere, and agreed */
void  iss_drift_repair_make_everyones  (GtkWidget     *parent,
                                        IssScopeNode  *node,
                                        const char    *type,
                                        const char    *sha256_hex);

G_END_DECLS
