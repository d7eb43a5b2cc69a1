/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/central/global-rival.h"

#include <glib/gi18n-lib.h>

#include "core/base/time-text.h"

static gboolean
is_same (const IssManifest *won,
         const IssManifest *lost,
         IssSlot            slot)
{
  if (won->slot[slot] == NULL || lost->slot[slot] == NULL)
    return won->slot[slot] == lost->slot[slot];

  return g_bytes_equal (iss_certificate_get_sha256 (won->slot[slot]),
                        iss_certificate_get_sha256 (lost->slot[slot])) &&
         (slot != ISS_SLOT_STAGED || won->staged_at == lost->staged_at);
}

static char *
dup_slot (const IssManifest *manifest,
          IssSlot            slot,
          GTimeZone         *zone)
{
  g_autofree char *instant = NULL;

  if (manifest->slot[slot] == NULL)
    return g_strdup (_("none"));

  if (slot != ISS_SLOT_STAGED)
    return g_strdup_printf (_("“%s”"), iss_certificate_get_issued_to (manifest->slot[slot]));

  instant = iss_time_text_instant (manifest->staged_at, zone);

  /* Translators: a certificate, when it becomes current */
  return g_strdup_printf (_("“%s” at %s"), iss_certificate_get_issued_to (manifest->slot[slot]),
                          instant);
}

static char *
dup_differences (const IssManifest *won,
                 const IssManifest *lost,
                 GTimeZone         *zone)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < ISS_N_SLOTS; i++)
    {
      const IssSlot slot = (IssSlot) i;
      g_autofree char *its = NULL;
      g_autofree char *yours = NULL;

      if (is_same (won, lost, slot))
        continue;

      its = dup_slot (won, slot, zone);
      yours = dup_slot (lost, slot, zone);
      if (text->len > 0)
        g_string_append (text, "; ");
      /* Translators: a slot (current, previous, staged), and what is in it */
      g_string_append_printf (text, _("%s is %s, and would be %s"), iss_slot_get_label (slot), its,
                              yours);
    }

  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE)
                       : g_strdup (_("it is the same as yours"));
}

/**
 * iss_global_rival_dup_text:
 * @won: what was decided meanwhile
 * @lost: what was to be decided
 * @zone: where whoever reads this is
 *
 * Returns: (transfer full): who was faster, and what is different
 */
char *
iss_global_rival_dup_text (const IssWanted   *won,
                           const IssManifest *lost,
                           GTimeZone         *zone)
{
  const IssManifest *manifest;
  g_autofree char *when = NULL;
  g_autofree char *differences = NULL;

  g_return_val_if_fail (won != NULL && lost != NULL && zone != NULL, NULL);

  manifest = iss_wanted_get_manifest (won);
  when = iss_time_text_instant (iss_package_get_signed_at (won->copy), zone);
  differences = dup_differences (manifest, lost, zone);

  /* Translators: an administrator, a number, a certificate type, an instant, and sentences */
  return g_strdup_printf (_("“%s” was faster, with revision %" G_GUINT64_FORMAT " of %s, signed "
                            "%s: %s. Nothing of yours was decided: look at it, and decide again"),
                          iss_certificate_get_issued_to (iss_package_get_signer (won->copy)),
                          manifest->revision, manifest->type->name, when, differences);
}
