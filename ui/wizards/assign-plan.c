/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wizards/assign-plan.h"

#include "core/base/text.h"
#include "ui/wizards/pool-label.h"

#include <glib/gi18n-lib.h>

/**
 * IssAssignPlan:
 *
 * A certificate, what it is to be used for, on which servers, and perhaps from
 * when on; or what is to be taken out of use.
 */
struct _IssAssignPlan
{
  GObject        parent_instance;

  /* Owned References */
  IssWorkspace  *workspace;
  IssPool       *pool;
  IssCandidate  *candidate;   /* (nullable) */
  GPtrArray     *servers;     /* (element-type IssServer) */
  char         **types;
  char          *changed;     /* (nullable): name of what another change is about */
  IssCertificate *compromised; /* (nullable): what the candidate replaces for that */
  IssEffectiveDate *date;     /* (nullable): at once */

  IssTransitionKind change;   /* if it is another */
  gboolean       rolls;       /* a date is asked for */
  gboolean       force;
  gboolean       unconditional;
  IssStagedFate  staged;
};

G_DEFINE_FINAL_TYPE (IssAssignPlan, iss_assign_plan, G_TYPE_OBJECT)

static void
iss_assign_plan_finalize (GObject *object)
{
  IssAssignPlan *self = ISS_ASSIGN_PLAN (object);

  g_clear_pointer (&self->servers, g_ptr_array_unref);
  g_clear_pointer (&self->types, g_strfreev);
  g_clear_pointer (&self->changed, g_free);
  g_clear_pointer (&self->date, iss_effective_date_unref);
  g_clear_object (&self->candidate);
  g_clear_object (&self->compromised);
  g_clear_object (&self->pool);
  g_clear_object (&self->workspace);

  G_OBJECT_CLASS (iss_assign_plan_parent_class)->finalize (object);
}

static void
iss_assign_plan_class_init (IssAssignPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_assign_plan_finalize;
}

static void
iss_assign_plan_init (IssAssignPlan *self)
{
  self->servers = g_ptr_array_new_with_free_func (g_object_unref);
  self->types = g_new0 (char *, 1);
}

/**
 * iss_assign_plan_new:
 * @workspace: where an agreement is recorded
 * @pool: a pool of it
 *
 * Returns: (transfer full): a plan without types, certificate and servers
 */
IssAssignPlan *
iss_assign_plan_new (IssWorkspace *workspace,
                     IssPool      *pool)
{
  IssAssignPlan *self;

  g_return_val_if_fail (ISS_IS_WORKSPACE (workspace), NULL);
  g_return_val_if_fail (ISS_IS_POOL (pool), NULL);

  self = g_object_new (ISS_TYPE_ASSIGN_PLAN, NULL);
  self->workspace = g_object_ref (workspace);
  self->pool = g_object_ref (pool);

  return self;
}

IssWorkspace *
iss_assign_plan_get_workspace (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->workspace;
}

IssPool *
iss_assign_plan_get_pool (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->pool;
}

const char *const *
iss_assign_plan_get_types (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return (const char *const *) self->types;
}

void
iss_assign_plan_set_types (IssAssignPlan     *self,
                           const char *const *types)
{
  char **before;

  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));
  g_return_if_fail (types != NULL);

  before = self->types;
  self->types = g_strdupv ((char **) types);
  g_strfreev (before);
}

static char *
dup_labels (char **types)
{
  g_autoptr(GPtrArray) labels = g_ptr_array_new ();

  for (guint i = 0; types[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (types[i]);

      g_ptr_array_add (labels, type != NULL ? (gpointer) iss_certificate_type_get_label (type)
                                            : types[i]);
    }
  g_ptr_array_add (labels, NULL);

  return iss_text_join_names ((const char *const *) labels->pdata);
}

/**
 * iss_assign_plan_dup_types_text:
 * @self: a plan
 *
 * Returns: (transfer full): its types as people call them, "" if there is none
 */
char *
iss_assign_plan_dup_types_text (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return dup_labels (self->types);
}

/**
 * iss_assign_plan_dup_types_of:
 * @self: a plan
 * @pool_wide: which
 *
 * Returns: (transfer full): those of its types that are pool-wide, or those that are not
 */
char **
iss_assign_plan_dup_types_of (IssAssignPlan *self,
                              gboolean       pool_wide)
{
  g_autoptr(GStrvBuilder) types = g_strv_builder_new ();

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  for (guint i = 0; self->types[i] != NULL; i++)
    {
      const IssCertificateType *type = iss_certificate_type_find (self->types[i]);

      if ((type != NULL && type->pool_wide) == pool_wide)
        g_strv_builder_add (types, self->types[i]);
    }

  return g_strv_builder_end (types);
}

/**
 * iss_assign_plan_dup_pool_wide_text:
 * @self: a plan
 *
 * Returns: (transfer full): those of its types that must be the same on every server
 */
char *
iss_assign_plan_dup_pool_wide_text (IssAssignPlan *self)
{
  g_auto(GStrv) types = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  types = iss_assign_plan_dup_types_of (self, TRUE);

  return dup_labels (types);
}

/**
 * iss_assign_plan_is_pool_wide:
 * @self: a plan
 *
 * Returns: whether one of its types must be the same on every server
 */
gboolean
iss_assign_plan_is_pool_wide (IssAssignPlan *self)
{
  g_auto(GStrv) types = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), FALSE);

  types = iss_assign_plan_dup_types_of (self, TRUE);

  return types[0] != NULL;
}

IssCandidate *
iss_assign_plan_get_candidate (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->candidate;
}

void
iss_assign_plan_set_candidate (IssAssignPlan *self,
                               IssCandidate  *candidate)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  g_set_object (&self->candidate, candidate);
}

GPtrArray *
iss_assign_plan_get_servers (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->servers;
}

void
iss_assign_plan_set_servers (IssAssignPlan *self,
                             GPtrArray     *servers)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  g_ptr_array_ref (servers);
  g_ptr_array_unref (self->servers);
  self->servers = servers;
}

void
iss_assign_plan_set_force (IssAssignPlan *self,
                           gboolean       force)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  self->force = force;
}

gboolean
iss_assign_plan_get_force (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), FALSE);

  return self->force;
}

/**
 * iss_assign_plan_set_staged:
 * @self: a plan
 * @fate: what becomes of another certificate that is staged
 *
 * Unless it is told, a server where one is staged asks (%ISS_ERROR_STAGED).
 */
void
iss_assign_plan_set_staged (IssAssignPlan *self,
                            IssStagedFate  fate)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  self->staged = fate;
}

IssStagedFate
iss_assign_plan_get_staged (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), ISS_STAGED_ASK);

  return self->staged;
}

/**
 * iss_assign_plan_set_unconditional:
 * @self: a plan
 * @unconditional: whether each server rolls by itself, although another may not be ready
 */
void
iss_assign_plan_set_unconditional (IssAssignPlan *self,
                                   gboolean       unconditional)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  self->unconditional = unconditional;
}

gboolean
iss_assign_plan_is_unconditional (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), FALSE);

  return self->unconditional;
}

/**
 * iss_assign_plan_set_compromised:
 * @self: a plan
 * @certificate: what is compromised
 *
 * Makes it a plan to replace that: nothing of it stays, and no server trusts it any more.
 */
void
iss_assign_plan_set_compromised (IssAssignPlan  *self,
                                 IssCertificate *certificate)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  g_set_object (&self->compromised, certificate);
}

IssCertificate *
iss_assign_plan_get_compromised (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->compromised;
}

const char *
iss_assign_plan_get_compromised_name (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->compromised != NULL ? iss_certificate_get_issued_to (self->compromised) : "";
}

/**
 * iss_assign_plan_set_rolls:
 * @self: a plan
 * @rolls: whether the certificate is to be current from a date on
 *
 * Until a date is set it is assigned at once all the same.
 */
void
iss_assign_plan_set_rolls (IssAssignPlan *self,
                           gboolean       rolls)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  self->rolls = rolls;
}

gboolean
iss_assign_plan_rolls (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), FALSE);

  return self->rolls;
}

IssEffectiveDate *
iss_assign_plan_get_date (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  return self->date;
}

void
iss_assign_plan_set_date (IssAssignPlan    *self,
                          IssEffectiveDate *date)
{
  IssEffectiveDate *before;

  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));

  before = self->date;
  self->date = date != NULL ? iss_effective_date_ref (date) : NULL;
  g_clear_pointer (&before, iss_effective_date_unref);
}

/**
 * iss_assign_plan_make_roll:
 * @self: a plan with types, servers, and a certificate or another change
 *
 * Returns: (transfer full) (nullable): the roll that it makes or is about, seen from now; %NULL
 *   if there is none any more
 */
IssPoolRoll *
iss_assign_plan_make_roll (IssAssignPlan *self)
{
  gint64 now = iss_clock_now (iss_pool_get_clock (self->pool));
  IssPoolRoll *roll;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);
  g_return_val_if_fail (self->changed != NULL || self->candidate != NULL, NULL);

  if (self->changed != NULL)
    roll = iss_pool_roll_find (self->servers, self->types[0], now);
  else
    roll = iss_pool_roll_new (self->servers, (const char *const *) self->types,
                              iss_candidate_get_issued_to (self->candidate),
                              iss_candidate_get_not_before (self->candidate),
                              iss_candidate_get_not_after (self->candidate), now);
  if (roll != NULL && self->date != NULL)
    roll->instant = iss_effective_date_get_instant (self->date);

  return roll;
}

/**
 * iss_assign_plan_set_change:
 * @self: a plan with one type
 * @change: what is changed, if it is not to assign or to stage a certificate
 * @name: what it is about, for people
 *
 * Makes it a plan to do something with what is assigned already.
 */
void
iss_assign_plan_set_change (IssAssignPlan     *self,
                            IssTransitionKind  change,
                            const char        *name)
{
  g_return_if_fail (ISS_IS_ASSIGN_PLAN (self));
  g_return_if_fail (self->types[0] != NULL);
  g_return_if_fail (name != NULL);

  self->change = change;
  g_free (self->changed);
  self->changed = g_strdup (name);
}

IssTransitionKind
iss_assign_plan_get_change (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), ISS_TRANSITION_SET);

  if (self->changed != NULL)
    return self->change;
  if (self->compromised != NULL)
    return ISS_TRANSITION_REPLACE;

  return self->date != NULL ? ISS_TRANSITION_STAGE : ISS_TRANSITION_SET;
}

const char *
iss_assign_plan_get_name (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  if (self->changed != NULL)
    return self->changed;

  return self->candidate != NULL ? iss_candidate_get_issued_to (self->candidate) : "";
}

/**
 * iss_assign_plan_dup_left_out:
 * @self: a plan
 *
 * Returns: (transfer full) (nullable): what is wrong with doing this on these
 *   servers only; %NULL for the whole pool, or types that differ anyway
 */
char *
iss_assign_plan_dup_left_out (IssAssignPlan *self)
{
  g_autoptr(GPtrArray) left_out = g_ptr_array_new ();
  g_autofree char *names = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  for (guint i = 0; i < iss_pool_get_n_servers (self->pool); i++)
    {
      IssServer *server = iss_pool_get_server (self->pool, i);

      if (!g_ptr_array_find (self->servers, server, NULL))
        g_ptr_array_add (left_out, server);
    }

  if (!iss_assign_plan_is_pool_wide (self) || left_out->len == 0 || self->servers->len == 0)
    return NULL;

  names = iss_pool_label_dup_names (left_out);

  return g_strdup_printf (ngettext ("%s keeps what it has, and what is agreed stays.",
                                    "%s keep what they have, and what is agreed stays.",
                                    left_out->len), names);
}

/**
 * iss_assign_plan_is_held:
 * @self: a plan
 *
 * Returns: whether what it stages waits to be armed: none of the pool may sign with a certificate
 *   that another does not know
 */
gboolean
iss_assign_plan_is_held (IssAssignPlan *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), FALSE);

  return iss_assign_plan_get_change (self) == ISS_TRANSITION_STAGE
         && iss_assign_plan_is_pool_wide (self) && !self->unconditional;
}

/**
 * iss_assign_plan_make_arm_job:
 * @self: a plan that has staged something
 *
 * Returns: (transfer full): the job that arms it
 */
IssJob *
iss_assign_plan_make_arm_job (IssAssignPlan *self)
{
  IssAssignRequest request = { .kind = ISS_TRANSITION_ARM };

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);

  request.types = (const char *const *) self->types;

  return iss_pool_assign_new_change (self->pool, self->servers, &request);
}

/**
 * iss_assign_plan_make_job:
 * @self: a plan with types, servers, and a certificate unless it removes
 * @what_if: only ask what would be, and what there is to confirm
 *
 * Returns: (transfer full): the job that does it
 */
IssJob *
iss_assign_plan_make_job (IssAssignPlan *self,
                          gboolean       what_if)
{
  IssAssignRequest request = { .kind = ISS_TRANSITION_SET };
  g_autofree GBytes **sha256 = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), NULL);
  g_return_val_if_fail (self->changed != NULL || self->candidate != NULL, NULL);

  request.kind = iss_assign_plan_get_change (self);
  request.types = (const char *const *) self->types;
  request.staged = self->staged;
  request.force = self->force && !what_if;
  request.what_if = what_if;
  if (self->compromised != NULL)
    request.compromised = iss_certificate_get_der (self->compromised);
  if (self->changed == NULL)
    {
      sha256 = g_new (GBytes *, g_strv_length (self->types));
      for (guint i = 0; self->types[i] != NULL; i++)
        sha256[i] = iss_candidate_get_sha256 (self->candidate);
      request.sha256 = sha256;
    }
  if (self->date != NULL)
    {
      request.instant = iss_effective_date_get_instant (self->date);
      request.typed = iss_effective_date_get_typed (self->date);
      request.zone = iss_effective_date_get_zone (self->date);
      request.held = iss_assign_plan_is_held (self);
    }

  return iss_pool_assign_new_change (self->pool, self->servers, &request);
}

/**
 * iss_assign_plan_record:
 * @self: a plan
 * @job: its job, when it is over
 * @out_agreed: whether the certificate is what is agreed now
 * @error: why it could not be written down
 *
 * Writes down what the pool agrees on now, if the job decided that.
 *
 * Returns: whether what was to be recorded is
 */
gboolean
iss_assign_plan_record (IssAssignPlan  *self,
                        IssJob         *job,
                        gboolean       *out_agreed,
                        GError        **error)
{
  g_return_val_if_fail (ISS_IS_ASSIGN_PLAN (self), FALSE);

  return iss_pool_assign_record (self->workspace, self->pool, job, g_get_user_name (), out_agreed,
                                 error);
}
