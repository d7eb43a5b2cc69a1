/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/wizards/signing.h"
#include "ui/wizards/wizard-page.h"

G_BEGIN_DECLS

#define ISS_TYPE_SIGN_PAGE (iss_sign_page_get_type ())

/* Asks for the passphrase of the administrator's key: what is done globally is signed. Next
 * unlocks it. */
G_DECLARE_FINAL_TYPE (IssSignPage, iss_sign_page, ISS, SIGN_PAGE, GtkWidget)

GtkWidget   *iss_sign_page_new       (IssSigning   *signing,
                                      const char   *next,
                                      const char   *next_label)
                                      G_GNUC_WARN_UNUSED_RESULT;   /* floating */

void         iss_sign_page_set_next  (IssSignPage  *self,
                                      const char   *next,
                                      const char   *next_label);
const char  *iss_sign_page_get_text  (IssSignPage  *self);   /* why not; "" = nothing is wrong */

G_END_DECLS
