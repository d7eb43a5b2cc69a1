/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "ui/wizards/global-order.h"

G_BEGIN_DECLS

#define ISS_TYPE_GLOBAL_CHOICE (iss_global_choice_get_type ())

/* "On every server, replicated" or "On the servers …, by hand", the difference in a sentence
 * each, and what is true of a change by hand to what is assigned globally. The choice is the
 * order's. */
G_DECLARE_FINAL_TYPE (IssGlobalChoice, iss_global_choice, ISS, GLOBAL_CHOICE, GtkWidget)

/* by_hand_means: what is true of what is chosen instead; changes: what is assigned globally
 * already is changed by it, and so changed globally unless somebody chooses otherwise */
void         iss_global_choice_set_order     (IssGlobalChoice  *self,
                                              IssGlobalOrder   *order,
                                              const char       *by_hand_means,
                                              gboolean          changes);
/* what is chosen instead, with a mnemonic */
void         iss_global_choice_set_by_hand   (IssGlobalChoice  *self,
                                              const char       *by_hand);
/* type (nullable): nothing that could be assigned globally; obstacle (nullable): why not */
void         iss_global_choice_set_type      (IssGlobalChoice  *self,
                                              const char       *type,
                                              const char       *obstacle);
const char  *iss_global_choice_get_warning   (IssGlobalChoice  *self);   /* "" = there is none */

G_END_DECLS
