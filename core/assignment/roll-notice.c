/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/assignment/roll-notice.h"

#include "core/base/time-text.h"

#include <glib/gi18n-lib.h>

static void
notice_free (gpointer data)
{
  IssRollNotice *notice = data;

  g_free (notice->who);
  g_free (notice->needs);
  g_free (notice);
}

static void
add (GPtrArray *notices,
     gboolean   by_hand,
     char      *who,
     char      *needs)
{
  IssRollNotice *notice = g_new0 (IssRollNotice, 1);

  notice->by_hand = by_hand;
  notice->who = who;
  notice->needs = needs;
  g_ptr_array_add (notices, notice);
}

/* Servers of other products verify our tokens: each learns the new key in a way of its own. */
static void
add_partners (GPtrArray         *notices,
              const IssRollPlan *plan,
              gint64             instant,
              const char        *pool,
              GTimeZone         *zone)
{
  g_autofree char *roll = iss_time_text_instant (instant, zone);
  g_autofree char *gone = iss_time_text_instant (instant + plan->token_lifetime, zone);

  /* Translators: %s is a pool */
  add (notices, FALSE, g_strdup_printf (_("The servers of %s"), pool),
       g_strdup (_("Nothing: each publishes the new key as soon as it is staged, and rolls by "
                   "itself.")));
  /* Translators: %s is a pool: the address of a document */
  add (notices, TRUE, g_strdup_printf (_("Partners that read https://%s/metadata/json/1"), pool),
       /* Translators: %s is an instant */
       g_strdup_printf (_("Have them read it again between the staging and %s. Exchange reads it "
                          "only when told: Set-PartnerApplication -RefreshAuthMetadata, then "
                          "Test-OAuthConnectivity."), roll));
  add (notices, TRUE, g_strdup (_("Partners that were given a certificate file (.cer)")),
       /* Translators: certificate, instant */
       g_strdup_printf (_("Send them %s without its key (Export, DER), to be added beside the old "
                          "one before %s. It has to be done by hand at each roll."),
                        plan->new_name, roll));
  add (notices, TRUE, g_strdup (_("Microsoft 365, if the deployment is hybrid")),
       /* Translators: instant, instant */
       g_strdup_printf (_("Upload the same file to the service principal before %s; delete the "
                          "old credential, by its key ID, after %s."), roll, gone));
}

static void
add_edge (GPtrArray         *notices,
          const IssRollPlan *plan,
          gint64             instant,
          GTimeZone         *zone)
{
  g_autofree char *roll = iss_time_text_instant (instant, zone);
  g_autofree char *lifetime = iss_roll_plan_dup_lifetime (plan);

  add (notices, TRUE, g_strdup (_("Every Edge server of the pool")),
       /* Translators: certificate, instant */
       g_strdup_printf (_("Each must have %s staged before the first of them rolls, on %s."),
                        plan->new_name, roll));
  add (notices, FALSE, g_strdup (_("Clients")),
       /* Translators: %s is "8 hours" */
       g_strdup_printf (_("Nothing: credentials that they keep for up to %s go on being "
                          "verified."), lifetime));
}

/**
 * iss_roll_notice_list:
 * @type: what the certificate is used for
 * @plan: what is rolled
 * @instant: when
 * @pool: name of the pool
 * @zone: (nullable): the zone to show instants in; %NULL is UTC
 *
 * A roll succeeds only where everyone who verifies knows the new key in time. Who that is no
 * program here can find out, so all are named who can be.
 *
 * Returns: (transfer full) (element-type IssRollNotice): who must be told, what each needs
 */
GPtrArray *
iss_roll_notice_list (const IssCertificateType *type,
                      const IssRollPlan        *plan,
                      gint64                    instant,
                      const char               *pool,
                      GTimeZone                *zone)
{
  GPtrArray *notices = g_ptr_array_new_with_free_func (notice_free);

  g_return_val_if_fail (type != NULL, notices);
  g_return_val_if_fail (plan != NULL, notices);
  g_return_val_if_fail (pool != NULL, notices);

  if (plan->token_lifetime == 0)
    add (notices, FALSE, g_strdup (_("Clients")),
         g_strdup (_("Nothing, but there is no overlap: connections that are open at the roll may "
                     "have to be made anew.")));
  else if (type->pool_wide)
    add_partners (notices, plan, instant, pool, zone);
  else
    add_edge (notices, plan, instant, zone);

  return notices;
}

/**
 * iss_roll_notice_dup_text:
 * @notices: (element-type IssRollNotice): who must be told
 *
 * Returns: (transfer full): the same as text: who, and indented below what is needed
 */
char *
iss_roll_notice_dup_text (GPtrArray *notices)
{
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (notices != NULL, NULL);

  for (guint i = 0; i < notices->len; i++)
    {
      const IssRollNotice *notice = g_ptr_array_index (notices, i);

      g_string_append_printf (text, "%s\n    %s\n", notice->who, notice->needs);
    }

  return g_strdup (text->str);
}
