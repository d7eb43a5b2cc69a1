/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/global-order.h"
#include "ui/wizards/wizard.h"

G_BEGIN_DECLS

/* The pages of what is done on every server, replicated: "enroll" where a server is not enrolled
 * yet, "sign", "enrolling" if one was ticked, and "global". */

/* verb: what the button says that decides it, with a mnemonic */
void         iss_global_pages_add        (IssWizard       *wizard,
                                          IssGlobalOrder  *order,
                                          const char      *verb);
/* name of the page to begin with */
const char  *iss_global_pages_get_first  (IssGlobalOrder  *order);

G_END_DECLS
