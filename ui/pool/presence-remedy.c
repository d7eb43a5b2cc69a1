/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/presence-remedy.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/pool/presence-seen.h"

#define MAX_REMEDIES 2

static void
remedy_free (gpointer data)
{
  IssPresenceRemedy *self = data;

  g_free (self->label);
  g_variant_unref (self->target);
  g_free (self);
}

/* @label is taken, @target sunk. */
static void
add (GPtrArray  *remedies,
     char       *label,
     const char *action,
     GVariant   *target)
{
  IssPresenceRemedy *remedy = g_new0 (IssPresenceRemedy, 1);

  remedy->label = label;
  remedy->action = action;
  remedy->target = g_variant_ref_sink (target);
  g_ptr_array_add (remedies, remedy);
}

static gboolean
is_in_store (const IssPresenceCell   *cell,
             const IssPresenceColumn *column)
{
  IssObservation *observation = iss_server_get_observation (cell->server);
  const IssObservedCertificate *certificate = NULL;

  if (observation != NULL && column->has_expected)
    certificate = iss_observation_find_certificate (observation, column->expected);

  return certificate != NULL && certificate->rung >= ISS_RUNG_IN_STORE;
}

static const IssPresenceColumn *
find_column (IssPresence           *presence,
             const IssPresenceCell *cell)
{
  for (guint i = 0; i < iss_presence_get_n_columns (presence); i++)
    {
      const IssPresenceColumn *column = iss_presence_get_column (presence, i);

      if (column->slot == cell->slot && g_str_equal (column->type, cell->type))
        return column;
    }

  return NULL;
}

/* What every server must use alike and one of them lacks: once for all. */
static void
add_global (GPtrArray               *remedies,
            IssPool                 *pool,
            const IssPresenceColumn *column)
{
  const IssObservedCertificate *seen =
    iss_presence_seen_anywhere (pool, column->expected);
  g_autofree char *hex = iss_text_hex (column->expected, ISS_SHA256_SIZE, FALSE);
  char *label;

  if (seen != NULL && *seen->issued_to != '\0')
    /* Translators: a certificate */
    label = g_strdup_printf (_("Make %s Global…"), seen->issued_to);
  else
    label = g_strdup (_("Make It Global…"));

  add (remedies, label, "assignment.make-global", g_variant_new ("(ss)", column->type, hex));
}

/**
 * iss_presence_remedy_find:
 * @pool: a pool
 * @presence: what was seen of it
 * @cell: a cell of it
 *
 * Returns: (transfer full) (element-type IssPresenceRemedy): what can be done about it now, at
 *   most two
 */
GPtrArray *
iss_presence_remedy_find (IssPool               *pool,
                          IssPresence           *presence,
                          const IssPresenceCell *cell)
{
  GPtrArray *remedies = g_ptr_array_new_with_free_func (remedy_free);
  const IssPresenceColumn *column;
  const char *full_name;
  g_autofree char *name = NULL;
  g_autofree char *hex = NULL;
  gboolean is_current;
  gboolean lacks;

  g_return_val_if_fail (ISS_IS_POOL (pool) && ISS_IS_PRESENCE (presence), remedies);
  g_return_val_if_fail (cell != NULL, remedies);

  column = find_column (presence, cell);
  full_name = iss_server_get_name (cell->server);
  name = iss_server_dup_short_name (cell->server);
  hex = iss_text_hex (cell->sha256, ISS_SHA256_SIZE, FALSE);
  is_current = cell->slot == ISS_SLOT_CURRENT;
  lacks = column->has_expected && is_current && cell->verdict != ISS_VERDICT_AGREES;

  if (cell->stale || cell->verdict == ISS_VERDICT_UNKNOWN)
    {
      add (remedies, g_strdup_printf (_("Look at %s Again"), name), "server.look",
           g_variant_new_string (full_name));
      return remedies;
    }

  if (column->pool_wide && is_current && !column->has_expected && cell->has_certificate)
    add (remedies, g_strdup (_("Agree on This One…")), "pool.agree", g_variant_new_string (hex));

  if (lacks && cell->verdict == ISS_VERDICT_DIFFERENT && is_in_store (cell, column))
    add (remedies, g_strdup (_("Put the Agreed One Back…")), "drift.put-back",
         g_variant_new ("(ss)", full_name, cell->type));
  else if (lacks && !is_in_store (cell, column))
    add (remedies, g_strdup_printf (_("Import on %s…"), name), "server.import",
         g_variant_new_strv (&full_name, 1));
  else if (lacks && cell->verdict == ISS_VERDICT_MISSING)
    add (remedies, g_strdup (_("Assign…")), "assignment.assign",
         g_variant_new_strv (&full_name, 1));

  if (lacks && cell->verdict == ISS_VERDICT_DIFFERENT)
    add (remedies, g_strdup (_("Make It Everyone’s…")), "drift.make-everyones",
         g_variant_new ("(ss)", cell->type, hex));
  else if (lacks && cell->verdict == ISS_VERDICT_MISSING && column->pool_wide)
    add_global (remedies, pool, column);

  if (remedies->len == 0 && is_current &&
      (!cell->has_certificate || cell->verdict == ISS_VERDICT_EXPIRED ||
       cell->verdict == ISS_VERDICT_NOT_YET_VALID))
    add (remedies, g_strdup (_("Assign…")), "assignment.assign",
         g_variant_new_strv (&full_name, 1));

  g_return_val_if_fail (remedies->len <= MAX_REMEDIES, remedies);

  return remedies;
}
