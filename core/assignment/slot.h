/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The three places that a type has for a certificate. */
typedef enum
{
  ISS_SLOT_CURRENT  = 0,   /* values cross the wire */
  ISS_SLOT_PREVIOUS = 1,
  ISS_SLOT_STAGED   = 2,
  ISS_N_SLOTS
} IssSlot;

const char  *iss_slot_get_name   (IssSlot       slot);    /* "current" */
const char  *iss_slot_get_label  (IssSlot       slot);    /* translated */
gboolean     iss_slot_parse      (const char   *name,
                                  IssSlot      *out_slot,
                                  GError      **error);

G_END_DECLS
