/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/slot.h"

#include "core/base/error.h"
#include "core/base/text.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  const char *name;
  const char *label;
} SlotName;

static const SlotName slot_names[] =
{
  [ISS_SLOT_CURRENT]  = { "current",  N_("current") },
  [ISS_SLOT_PREVIOUS] = { "previous", N_("previous") },
  [ISS_SLOT_STAGED]   = { "staged",   N_("staged") },
};

G_STATIC_ASSERT (G_N_ELEMENTS (slot_names) == ISS_N_SLOTS);

/**
 * iss_slot_get_name:
 * @slot: a slot
 *
 * Returns: (transfer none): its word in files, on the wire and in options
 */
const char *
iss_slot_get_name (IssSlot slot)
{
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, NULL);

  return slot_names[slot].name;
}

/**
 * iss_slot_get_label:
 * @slot: a slot
 *
 * Returns: (transfer none): its word on the screen, translated
 */
const char *
iss_slot_get_label (IssSlot slot)
{
  g_return_val_if_fail ((guint) slot < ISS_N_SLOTS, NULL);

  return _(slot_names[slot].label);
}

/**
 * iss_slot_parse:
 * @name: what somebody typed, in upper or lower case
 * @out_slot: (out): return location for the slot
 * @error: return location for %ISS_ERROR_INVALID_ARGUMENT, which lists the slots there are
 *
 * Returns: whether @name is a slot
 */
gboolean
iss_slot_parse (const char  *name,
                IssSlot     *out_slot,
                GError     **error)
{
  g_autofree char *shown = NULL;

  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (out_slot != NULL, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      if (g_ascii_strcasecmp (slot_names[i].name, name) == 0)
        {
          *out_slot = (IssSlot) i;
          return TRUE;
        }
    }

  shown = iss_text_sanitise (name, -1, 64);
  g_set_error (error, ISS_ERROR, ISS_ERROR_INVALID_ARGUMENT,
               _("There is no slot “%s”. The slots are: current, previous, staged"), shown);

  return FALSE;
}
