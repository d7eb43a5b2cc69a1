/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/window/scope-node.h"

G_BEGIN_DECLS

/* "Agree on this one…": writes down which certificate a pool shall use. */

void  iss_agree_ask  (GtkWidget     *parent,
                      IssScopeNode  *node,
                      const char    *sha256_hex);

G_END_DECLS
