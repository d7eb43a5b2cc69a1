/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Has screen readers be told only of the page that a stack shows. */
void  iss_stack_pages_tell  (GtkStack  *stack);

G_END_DECLS
